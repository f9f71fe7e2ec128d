mkdir tree
echo f >tree/file
setfattr -n user.note -v kept tree/file
setfattr -n user.dir -v kept tree
setcap cap_net_raw+ep tree/file
