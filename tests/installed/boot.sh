#!/bin/sh
# Boot systemd in namespaces of its own, on a copy of this machine that forgets everything. For root.
#
# systemd cleans /tmp and writes all over /etc and /var when it starts, so it gets a root of its own: what is
# written lies above the real files, in memory. Loopback is shared, so that it reaches servers out here.
#
# usage: boot.sh DIRECTORY [KEPT...]
#   DIRECTORY  an empty one, for mounts
#   KEPT       directories below /tmp that are there, too
set -eu
if [ "${1:-}" != inside ]; then
    exec unshare --mount --pid --fork --kill-child --ipc --uts --cgroup -- "$0" inside "$@"
fi
shift
base=$1
shift

mount --make-rprivate /
mount -t tmpfs machine "$base"
root=$base/root
mkdir "$root" "$base/written" "$base/work"
mount -t overlay machine -o "lowerdir=/,upperdir=$base/written,workdir=$base/work" "$root"

for place in run:0755 dev:0755 tmp:1777 var/tmp:1777; do
    mount -t tmpfs -o "mode=${place#*:}" machine "$root/${place%:*}"
done
for device in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"
done
mknod -m 666 "$root/dev/tty" c 5 0
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/shm" "$root/dev/pts" "$root/dev/mqueue" "$root/dev/hugepages"
mount -t tmpfs -o mode=1777 machine "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 machine "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"

mount -t proc machine "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount --rbind /sys "$root/sys"
mount -o remount,bind,ro "$root/sys"
for kept in "$@"; do
    mkdir -p "$root$kept"
    mount --bind "$kept" "$root$kept"
done

mkdir -p "$root/mnt/outside"
cd "$root"
pivot_root . mnt/outside
umount -l /mnt/outside
mount --make-rshared /

# Nothing of this machine's own services; and somebody called jen, who may use root's Python.
rm -rf /etc/systemd/system/*.wants
: >/etc/fstab
mkdir -p /run/systemd/system
for service in systemd-sysctl systemd-modules-load systemd-udevd systemd-udev-trigger systemd-timesyncd \
    systemd-networkd networking modprobe@; do
    ln -s /dev/null "/run/systemd/system/$service.service"
done
echo 'jen:x:4242:4242::/home/jen:/bin/sh' >>/etc/passwd
echo 'jen:x:4242:' >>/etc/group
mkdir -p /home/jen
chown 4242:4242 /home/jen
chmod 0750 /home/jen
chmod o+x /root

printf '[Unit]\nRequires=basic.target\nAfter=basic.target\n' >/run/systemd/system/awake.target
exec env -i container=namespaces PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=awake.target --log-target=journal --show-status=no >&2
