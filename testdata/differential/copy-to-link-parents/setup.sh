mkdir tree
echo f >file
echo t >tree/t
