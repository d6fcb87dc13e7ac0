# %% right no code

