mkdir -p t/opt/data/deep t/opt/private t/bin
echo new >t/opt/data/one
echo tool >t/bin/tool
chmod 700 t/opt
chmod 1777 t/opt/data
chmod 755 t/opt/private
find t -exec touch -h -d @1000000000 {} +
tar -C t --owner=3 --group=4 -cf a.tar opt bin
rm -r t
