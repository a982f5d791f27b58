# mpi-hosts.sh: test hosts in one machine, for scripts that read this file: network namespaces joined
# by a bridge, with a rate (and a delay, where the kernel has netem) on each link, and Open MPI over
# TCP between them. Needs root, iproute2 and Open MPI.
# shellcheck shell=sh

HOSTS=0 NET=sts${NET-} # a letter in NET keeps two users of this apart

# Whether all of that is here; prints what is missing.
hosts_possible() {
    [ "$(id -u)" -eq 0 ] || { echo "network namespaces need root"; return 1; }
    for tool in ip tc unshare mpirun; do
        command -v $tool > /dev/null || { echo "there is no $tool here"; return 1; }
    done
    mpirun --version 2>&1 | grep -q 'Open MPI\|OpenRTE' || { echo "mpirun is not Open MPI's"; return 1; }
    ip netns add "$NET-try" 2> /dev/null && ip netns del "$NET-try" && return
    echo "this machine makes no network namespaces"
    return 1
}

# N hosts sts0, sts1 ... of 10.213.0.0/24, without a limit. WORK is a directory of the caller's.
hosts_up() {
    HOSTS=$1
    hosts_down # what a killed script has left
    HOSTS=$1
    ip netns add "$NET-net"
    ip -n "$NET-net" link add bridge type bridge
    ip -n "$NET-net" link set bridge up
    for host in $(hosts_all); do
        ip netns add "$host"
        ip link add "$host" netns "$NET-net" type veth peer name eth0 netns "$host"
        ip -n "$NET-net" link set "$host" master bridge up
        ip -n "$host" link set lo up
        ip -n "$host" addr add "10.213.0.$((${host#"$NET"} + 1))/24" dev eth0
        ip -n "$host" link set eth0 up
        # seconds, not a quarter of an hour, until mpirun learns that a host is unreachable
        ip netns exec "$host" sh -c 'echo 4 > /proc/sys/net/ipv4/tcp_retries2'
    done
    # in place of ssh: a host is a namespace with a name of its own
    cat > "$WORK/rsh" << 'END'
#!/bin/sh
host=$1
shift
exec ip netns exec "$host" unshare --uts sh -c "hostname $host; $*"
END
    chmod +x "$WORK/rsh"
}
hosts_all() { seq -f "$NET%g" 0 $((HOSTS - 1)); }
hosts_down() {
    for host in $(hosts_all) "$NET-net"; do
        ip netns pids "$host" 2> /dev/null | xargs -r kill -9
        ip netns del "$host" 2> /dev/null
    done
    HOSTS=0
}

# RATE [DELAY]: of every link, both ways; "none": no limit. Fails when the kernel cannot do it.
hosts_rate() {
    for host in $(hosts_all); do
        link_rate "$NET-net" "$host" "$@" && link_rate "$host" eth0 "$@" || return 1
    done
}
link_rate() { # NAMESPACE DEVICE RATE [DELAY]
    ip netns exec "$1" tc qdisc del dev "$2" root 2> /dev/null
    if [ "$3" = none ]; then :
    elif [ $# -gt 3 ]; then
        ip netns exec "$1" tc qdisc add dev "$2" root netem rate "$3" delay "$4" limit 100000
    else
        ip netns exec "$1" tc qdisc add dev "$2" root tbf rate "$3" burst 256k latency 20ms
    fi 2> /dev/null
}
hosts_delay() { link_rate "${NET}0" eth0 1gbit 1ms && link_rate "${NET}0" eth0 none; } # whether there can be one

# A rank on each host: the command's words, after those of mpirun in $MPI_FLAGS.
# shellcheck disable=SC2086,SC2016
hosts_run() {
    ip netns exec "${NET}0" unshare --uts sh -c 'hostname "$1"; shift; exec "$@"' sh "${NET}0" \
        mpirun -q --host "$(hosts_all | sed 's/$/:1/' | paste -s -d ,)" -n "$HOSTS" \
        --mca plm_rsh_agent "$WORK/rsh" --mca btl tcp,self --mca btl_tcp_if_include 10.213.0.0/24 \
        --mca oob_tcp_if_include 10.213.0.0/24 -x STSFIT_THREADS -x OMP_WAIT_POLICY \
        ${MPI_FLAGS-} "$@"
}

# HOST: bytes that it has sent.
hosts_sent() { ip -s -n "$1" link show dev eth0 | sed -n '/TX:/{n;p;}' | awk '{print $1}'; }

# HOST: its cable is pulled out, or put in.
hosts_cut() { ip -n "$NET-net" link set "$1" down; }
hosts_join() {
    ip -n "$NET-net" link set "$1" up
    for host in $(hosts_all); do ip -n "$host" neigh flush all; done # who was not found is asked for anew
    sleep 2
}
