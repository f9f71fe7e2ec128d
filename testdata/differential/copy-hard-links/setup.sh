mkdir -p tree/x tree/y
echo a >a
ln a b
ln a tree/x/1
ln a tree/y/2
echo b >tree/x/3
ln tree/x/3 tree/x/4
