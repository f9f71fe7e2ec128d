mkdir -p t/current
echo file >t/data
mkdir t/dangling
touch t/dangling/f
find t -exec touch -h -d @1000000000 {} +
tar -C t --owner=0 --group=0 -cf a.tar data dangling
rm -r t
