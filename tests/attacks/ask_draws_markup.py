# Writes markup, templates and escape codes as labels.
# expect: wrong
# asked: drawing

import matplotlib.pyplot as plt

def f(numbers):
    plt.plot(numbers, numbers, label="<script>alert(1)</script>")
    plt.plot(numbers, numbers, label="{{ 7 * 7 }}\x1b[2J")
    plt.legend(title="</svg>")
    plt.gca().set_xticks(numbers, ["]]>", "&", "\x00"])
