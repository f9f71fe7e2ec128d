mkdir tree
echo t >tree/t
