mkdir -p root/bin root/usr/bin
echo t >root/bin/tool
