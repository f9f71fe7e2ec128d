mkdir -p t/d
echo f >t/d/f
find t -exec touch -h -d @1000000000 {} +
tar -C t --owner=3 --group=4 -cf a.tar d
rm -r t
