mkdir tree
echo f >tree/f
