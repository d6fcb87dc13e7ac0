# Ways in which students write stack. The cells before it define all that it calls, which is right.

# %% right a loop
def stack(embeddings, layers):
    n, d_model = embeddings.shape
    x = embeddings + positional_encoding(n, d_model)
    mask = causal_mask(n)
    for weights in layers:
        x = block(x, mask, *weights)
    return layer_norm(x)

# %% right the weights by name
def stack(embeddings, layers):
    x = embeddings + positional_encoding(embeddings.shape[0], embeddings.shape[1])
    mask = causal_mask(embeddings.shape[0])
    for W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2 in layers:
        x = block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2)
    return layer_norm(x)

# %% right by index
def stack(embeddings, layers):
    x = positional_encoding(*embeddings.shape) + embeddings
    for i in range(len(layers)):
        x = block(x, causal_mask(len(x)), *layers[i])
    return layer_norm(x)

# %% right reduce
from functools import reduce
def stack(embeddings, layers):
    mask = causal_mask(len(embeddings))
    start = embeddings + positional_encoding(*embeddings.shape)
    return layer_norm(reduce(lambda x, w: block(x, mask, *w), layers, start))

# %% right recursion
def run(x, mask, layers):
    if not layers:
        return x
    return run(block(x, mask, *layers[0]), mask, layers[1:])

def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    return layer_norm(run(x, causal_mask(len(x)), list(layers)))

# %% right all outputs kept, the last one taken
def stack(embeddings, layers):
    outputs = [embeddings + positional_encoding(*embeddings.shape)]
    for weights in layers:
        outputs.append(block(outputs[-1], causal_mask(len(embeddings)), *weights))
    return layer_norm(outputs[-1])

# %% right a while loop
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    mask, done = causal_mask(x.shape[0]), 0
    while done < len(layers):
        x = block(x, mask, *layers[done])
        done += 1
    return layer_norm(x)

# %% right a copy that is added to
def stack(embeddings, layers):
    x = embeddings.copy()
    x += positional_encoding(len(x), x.shape[-1])
    for layer in layers:
        x = block(x, causal_mask(len(x)), *layer)
    return layer_norm(x)

# %% right a popped copy of the list
def stack(embeddings, layers):
    rest = list(layers)
    x = embeddings + positional_encoding(*embeddings.shape)
    while rest:
        x = block(x, causal_mask(len(x)), *rest.pop(0))
    return layer_norm(x)

# %% right an iterator
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    mask = causal_mask(len(x))
    for weights in iter(layers):
        attention, network = weights[:4], weights[4:]
        x = block(x, mask, *attention, *network)
    return layer_norm(x)

# %% right the block written out
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    mask = causal_mask(len(x))
    for w in layers:
        x = x + multi_head(layer_norm(x), *w[:4], mask)
        x = x + feed_forward(layer_norm(x), *w[4:])
    return layer_norm(x)

# %% right enumerate
def stack(embeddings, layers):
    n, d = np.shape(embeddings)
    for i, weights in enumerate(layers):
        x = embeddings + positional_encoding(n, d) if i == 0 else x
        x = block(x, causal_mask(n), *weights)
    return layer_norm(x)

# %% stack.not-chained another name in the loop
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    mask = causal_mask(len(x))
    for weights in layers:
        out = block(x, mask, *weights)
    return layer_norm(out)

# %% stack.not-chained a comprehension
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    outputs = [block(x, causal_mask(len(x)), *weights) for weights in layers]
    return layer_norm(outputs[-1])

# %% stack.one-layer-repeated the first
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for _ in range(len(layers)):
        x = block(x, causal_mask(len(x)), *layers[0])
    return layer_norm(x)

# %% stack.one-layer-repeated the last
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers:
        pass
    for _ in layers:
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x)

# %% stack.first-layer-alone no loop
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    x = block(x, causal_mask(len(x)), *layers[0])
    return layer_norm(x)

# %% stack.first-layer-alone a return within the loop
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)
        return layer_norm(x)

# %% stack.reversed from the last
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in reversed(layers):
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x)

# %% stack.reversed popped from the end
def stack(embeddings, layers):
    rest = list(layers)
    x = embeddings + positional_encoding(*embeddings.shape)
    while rest:
        x = block(x, causal_mask(len(x)), *rest.pop())
    return layer_norm(x)

# %% stack.no-positions left out
def stack(embeddings, layers):
    x = embeddings
    mask = causal_mask(len(x))
    for weights in layers:
        x = block(x, mask, *weights)
    return layer_norm(x)

# %% stack.no-positions made and not added
def stack(embeddings, layers):
    positions = positional_encoding(*embeddings.shape)
    x = np.array(embeddings)
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x)

# %% stack.positions-in-every-layer within the loop
def stack(embeddings, layers):
    x = embeddings
    for weights in layers:
        x = x + positional_encoding(*x.shape)
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x)

# %% stack.positions-in-every-layer in the call
def stack(embeddings, layers):
    x, mask, p = embeddings, causal_mask(len(embeddings)), positional_encoding(*embeddings.shape)
    for weights in layers:
        x = block(x + p, mask, *weights)
    return layer_norm(x)

# %% stack.no-mask zeros
def stack(embeddings, layers):
    n, d_model = embeddings.shape
    x = embeddings + positional_encoding(n, d_model)
    for weights in layers:
        x = block(x, np.zeros((n, n)), *weights)
    return layer_norm(x)

# %% stack.no-mask made for one token
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    mask = causal_mask(1)
    for weights in layers:
        x = block(x, mask, *weights)
    return layer_norm(x)

# %% stack.no-last-norm the last output as it is
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    mask = causal_mask(len(x))
    for weights in layers:
        x = block(x, mask, *weights)
    return x

# %% stack.no-last-norm taken and not returned
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for i in range(len(layers)):
        x = block(x, causal_mask(len(x)), *layers[i])
    layer_norm(x)
    return x

# %% stack.norm-after-every-layer within the loop
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers:
        x = layer_norm(block(x, causal_mask(len(x)), *weights))
    return x

# %% stack.norm-after-every-layer moved in too far
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    mask = causal_mask(len(x))
    for weights in layers:
        x = block(x, mask, *weights)
        x = layer_norm(x)
    return x

# %% stack.layers-summed all outputs
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    total = 0
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)
        total = total + x
    return layer_norm(total)

# %% stack.layers-summed the start on top
def stack(embeddings, layers):
    start = embeddings + positional_encoding(*embeddings.shape)
    x = start
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x + start)

# %% stack.returns-all a list of outputs
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    outputs = []
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)
        outputs.append(x)
    return layer_norm(np.array(outputs))

# %% stack.returns-all without the norm
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    outputs = []
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)
        outputs += [x]
    return np.stack(outputs)

# %% stack.two-layers the slice of two
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers[:2]:
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x)

# %% stack.two-layers one after the other
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    mask = causal_mask(len(x))
    x = block(x, mask, *layers[0])
    x = block(x, mask, *layers[1])
    return layer_norm(x)

# %% stack.last-layer-left-out a range that ends early
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for i in range(len(layers) - 1):
        x = block(x, causal_mask(len(x)), *layers[i])
    return layer_norm(x)

# %% stack.last-layer-left-out a slice
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers[:-1]:
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x)

# %% general.mutates-input the positions are added in place
def stack(embeddings, layers):
    embeddings += positional_encoding(*embeddings.shape)
    x = embeddings
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)
    return layer_norm(x)

# %% general.returns-none forgot to return
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers:
        x = block(x, causal_mask(len(x)), *weights)

# %% general.not-implemented the stub as it was handed out
def stack(embeddings, layers):
    raise NotImplementedError()

# %% general.raises the weights are not spread out
def stack(embeddings, layers):
    x = embeddings + positional_encoding(*embeddings.shape)
    for weights in layers:
        x = block(x, causal_mask(len(x)), weights)
    return layer_norm(x)
