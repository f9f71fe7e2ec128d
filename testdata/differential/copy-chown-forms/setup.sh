mkdir tree
touch tree/f
ln -s f tree/l
