# SPDX-License-Identifier: Apache-2.0
# EKS and EC2 for the lab of examples/eks-worker: started, stopped, and what a test asks of them.
# Sourced by scripts/end-to-end-eks; see README.md beside this file.
# shellcheck shell=sh disable=SC2154,SC2100 # kubewright, topology, work and on() are the sourcing script's

eks=Tests/EKS
# What the cloud tells of: EKS's cluster has the name that tokens are for.
cluster=eks-worker
region=us-west-2
control_plane=172.30.80.11
operator=172.30.80.1
workers='worker-1=172.30.80.12=10.244.101.0/24 worker-2=172.30.80.13=10.244.102.0/24'
cloud_url=http://$operator:4566
state=$work/eks
servers=

# start NAME COMMAND... starts a server and waits until it says that it is ready; its output is $state/NAME.log.
start() {
  name=$1
  shift
  : >"$state/$name.log"
  "$@" >>"$state/$name.log" 2>&1 &
  pid=$!
  servers="$servers $pid"
  echo "$pid" >"$state/$name.pid"
  tries=0
  until grep -qx ready "$state/$name.log"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$pid" 2>/dev/null; then
      echo "$name does not start:" >&2
      tail -n 20 "$state/$name.log" >&2
      return 1
    fi
    sleep 0.1
  done
}

# stop NAME ends one server.
stop() {
  kill "$(cat "$state/$1.pid")" 2>/dev/null || return 0
  wait "$(cat "$state/$1.pid")" 2>/dev/null || :
}

# The lab's network namespace has the name of the operator's interface.
fabric() {
  ip -o -4 address | awk -v address="$operator/24" '$4 == address {print $2}'
}

# fault NAME[@ADDRESS] [VALUE] switches a fault on; mend NAME[@ADDRESS] switches it off. See faults.py.
fault() {
  echo "${2:-}" >"$state/faults/$1"
}
mend() {
  rm -f "$state/faults/$1"
}

# certificates: an authority of our own, and certificates for the webhook and for AWS's host names.
certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=cloud of the lab" \
    -keyout "$state/ca.key" -out "$state/ca.crt" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$operator" \
    -keyout "$state/server.key" -out "$state/server.csr" 2>/dev/null
  names=IP:$operator
  for service in sts eks ec2 iam; do names=$names,DNS:$service.$region.amazonaws.com; done
  printf 'subjectAltName=%s\n' "$names" >"$state/server.ext"
  openssl x509 -req -in "$state/server.csr" -CA "$state/ca.crt" -CAkey "$state/ca.key" -CAcreateserial -days 30 \
    -extfile "$state/server.ext" -out "$state/server.crt" 2>/dev/null
}

# aws_auth: which roles may enter, in the form of the ConfigMap kube-system/aws-auth.
aws_auth() {
  cat <<END
apiVersion: v1
kind: ConfigMap
metadata: {name: aws-auth, namespace: kube-system}
data:
  mapRoles: |
    - rolearn: arn:aws:iam::123456789012:role/eks-worker-node
      username: system:node:{{EC2PrivateDNSName}}
      groups: [system:bootstrappers, system:nodes]
    - rolearn: arn:aws:iam::123456789012:role/eks-admin
      username: admin:{{SessionName}}
      groups: [system:masters]
END
}

# cloud_up: AWS, instance metadata and the authenticator; the lab and its control plane are up.
cloud_up() {
  mkdir -p "$state/faults"
  chmod 700 "$state"
  certificates
  aws_auth >"$state/aws-auth.yaml"
  set --
  for worker in $workers; do
    name=${worker%%=*}
    address=${worker#*=}
    set -- "$@" --worker "$name=${address%=*}=$(on "$name" cat /sys/class/net/eth0/address)"
  done
  start cloud python3 $eks/cloud.py --listen $operator --port "${cloud_url##*:}" --state "$state" --region $region \
    --tls "$state/server.crt:$state/server.key" --cluster $cluster --endpoint "https://$control_plane:6443" \
    --ca-file "$ca.crt" "$@"
  # In the lab's own network alone: this computer's 169.254.169.254, if it has one, stays as it is.
  lab=$(fabric)
  ip -n "$lab" address replace 169.254.169.254/32 dev management
  ip -n "$lab" route replace "${operator%.*}.0/24" dev management src 169.254.169.254
  start metadata ip netns exec "$lab" python3 $eks/metadata.py --state "$state"
  # Not by `as`, whose process is not the one that would be ended.
  # shellcheck disable=SC2016 # expands there
  start authenticator sh -c 'set -a; . "$1"; shift; exec "$@"' sh "$state/keys/operator.env" \
    python3 $eks/authenticator.py --listen $operator \
    --certificate "$state/server.crt" --key "$state/server.key" --cluster $cluster --mapping "$state/aws-auth.yaml" \
    --sts "https://sts.$region.amazonaws.com=$cloud_url" --sts $cloud_url --ec2 $cloud_url --region $region
}

# eks_up: the control plane asks the authenticator, and EKS's controllers run. It takes a restart of the API server.
eks_up() {
  put eks /etc/kubernetes/authenticator.yaml 600 <<END
apiVersion: v1
kind: Config
clusters: [{name: authenticator, cluster: {server: "https://$operator:21362/authenticate",
  certificate-authority-data: $(base64 -w 0 <"$state/ca.crt")}}]
users: [{name: apiserver}]
contexts: [{name: authenticator, context: {cluster: authenticator, user: apiserver}}]
current-context: authenticator
END
  # shellcheck disable=SC2016 # expands on the host
  on eks sh -c '
    unit=/etc/systemd/system/kube-apiserver.service
    command=$(awk "/^ExecStart=/ {on = 1} on {print} on && !/\\\\$/ {exit}" $unit)
    mkdir -p $unit.d
    printf "[Service]\nExecStart=\n%s \\\\\n  --authentication-token-webhook-config-file=/etc/kubernetes/authenticator.yaml \\\\\n  --authentication-token-webhook-version=v1 \\\\\n  --authentication-token-webhook-cache-ttl=10s\n" "$command" >$unit.d/eks.conf
    systemctl daemon-reload
    systemctl restart kube-apiserver'
  "$kubewright" kubeconfig -f "$spec" >"$state/admin.kubeconfig"
  start signer python3 $eks/signer.py --kubeconfig "$state/admin.kubeconfig" --ca "$ca.crt:$ca.key" \
    --state "$state"
}

# put HOST PATH MODE: standard input as a file of a host.
put() {
  # shellcheck disable=SC2016 # expands on the host
  on "$1" sh -c 'mkdir -p "${1%/*}" && umask 077 && cat >"$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1"' \
    sh "$2" "$3"
}

# instance HOST makes a host of the lab an instance, now and after a reboot: a way to its metadata, AWS's names, and
# trust in the cloud's authority.
instance() {
  put "$1" /usr/local/share/cloud-of-the-lab.crt 644 <"$state/ca.crt"
  # shellcheck disable=SC2016 # expands on the host
  on "$1" sh -c '
    bundle=/etc/ssl/certs/ca-certificates.crt
    mkdir -p "${bundle%/*}"
    grep -qF "$(sed -n 2p /usr/local/share/cloud-of-the-lab.crt)" $bundle 2>/dev/null \
      || cat /usr/local/share/cloud-of-the-lab.crt >>$bundle
    grep -q "sts.$2" /etc/hosts || echo "$1 sts.$2 eks.$2 ec2.$2 iam.$2" >>/etc/hosts
    cat >/etc/systemd/system/instance-metadata.service <<END
[Unit]
Description=The way to instance metadata
Before=network.target kubelet.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/sbin/ip route replace 169.254.169.254/32 dev eth0
[Install]
WantedBy=multi-user.target
END
    systemctl daemon-reload
    systemctl enable --quiet instance-metadata.service
    systemctl restart instance-metadata.service' sh $operator $region.amazonaws.com
}

# aws_node HOST: what EKS's aws-node does on a node: pods get addresses, here from a range of the host's own, nodes
# know each other's ranges, and what is no pod sees pods under their node's address.
aws_node() {
  routes=
  for worker in $workers; do
    range=${worker##*=}
    address=${worker#*=}
    if [ "${worker%%=*}" = "$1" ]; then
      own=$range
    else
      routes="$routes
ExecStart=/sbin/ip route replace $range via ${address%=*}"
    fi
  done
  put "$1" /etc/systemd/system/aws-node.service 644 <<END
[Unit]
Description=The ways to other nodes' pods
After=network.target
[Service]
Type=oneshot
RemainAfterExit=yes$routes
ExecStart=/usr/sbin/iptables -t nat -A POSTROUTING -s $own ! -d 10.244.0.0/16 -j MASQUERADE
ExecStop=/usr/sbin/iptables -t nat -D POSTROUTING -s $own ! -d 10.244.0.0/16 -j MASQUERADE
[Install]
WantedBy=multi-user.target
END
  on "$1" sh -c 'systemctl daemon-reload; systemctl enable --quiet aws-node; systemctl restart aws-node'
  put "$1" /etc/cni/net.d/10-aws.conflist 644 <<END
{"cniVersion": "0.4.0", "name": "aws-cni", "plugins": [
  {"type": "bridge", "bridge": "eni0", "isGateway": true, "isDefaultGateway": true, "hairpinMode": true, "ipMasq": false,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$own"}]]}},
  {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}]}
END
}

# kube_proxy HOST NODE: EKS's add-on kube-proxy, with its service account's token.
kube_proxy() {
  kubectl -n kube-system get serviceaccount kube-proxy >/dev/null 2>&1 || {
    kubectl -n kube-system create serviceaccount kube-proxy
    kubectl create clusterrolebinding eks:kube-proxy --clusterrole=system:node-proxier \
      --serviceaccount=kube-system:kube-proxy
  } >/dev/null
  secret=
  until [ -n "$secret" ]; do
    secret=$(kubectl -n kube-system get serviceaccount kube-proxy -o jsonpath='{.secrets[0].name}')
  done
  put "$1" /var/lib/kube-proxy/kubeconfig 600 <<END
apiVersion: v1
kind: Config
clusters: [{name: eks, cluster: {server: "https://$control_plane:6443", certificate-authority-data: $(base64 -w 0 <"$ca.crt")}}]
contexts: [{name: eks, context: {cluster: eks, user: kube-proxy}}]
current-context: eks
users: [{name: kube-proxy, user: {token: $(kubectl -n kube-system get secret "$secret" -o jsonpath='{.data.token}' | base64 -d)}}]
END
  put "$1" /opt/kube-proxy/kube-proxy 755 <"$programs/kube-proxy"
  put "$1" /etc/systemd/system/kube-proxy-addon.service 644 <<END
[Service]
ExecStart=/opt/kube-proxy/kube-proxy --kubeconfig=/var/lib/kube-proxy/kubeconfig --hostname-override=$2 \\
  --proxy-mode=iptables --conntrack-max-per-core=0 --metrics-bind-address=127.0.0.1:10249
Restart=always
RestartSec=2
[Install]
WantedBy=multi-user.target
END
  on "$1" sh -c 'systemctl daemon-reload; systemctl enable --quiet kube-proxy-addon; systemctl restart kube-proxy-addon'
}

# as KEY COMMAND... runs a command with the keys of $state/keys/KEY.env and this cloud.
as() (
  key=$1
  shift
  set -a
  # shellcheck disable=SC1090 # made by cloud.py
  . "$state/keys/$key.env"
  set +a
  unset AWS_PROFILE AWS_CA_BUNDLE
  export AWS_ENDPOINT_URL=$cloud_url AWS_EC2_METADATA_DISABLED=true
  exec "$@"
)

# stand_in_down ends what was started here; `lab down` takes the rest.
stand_in_down() {
  for pid in $servers; do kill "$pid" 2>/dev/null || :; done
  # shellcheck disable=SC2086 # a list of process ids
  [ -z "$servers" ] || wait $servers 2>/dev/null || :
  servers=
}
