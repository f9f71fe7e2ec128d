mkdir -p tree/sub
echo f >tree/file
ln -s file tree/relative
ln -s /etc/passwd tree/absolute
ln -s ../../../../../etc/passwd tree/sub/up
ln -s nowhere tree/dangling
ln -s loop tree/loop
ln -s sub tree/to-dir
ln -s /sub/ tree/slash
ln -s . tree/dot
