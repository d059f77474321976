// SPDX-License-Identifier: Apache-2.0

import Values

/// The keys under `spec.network`.
enum NetworkModel {
  static let network: Field<ClusterSpec> = .group(
    "network",
    "The cluster's networks.",
    [
      .defaulted(
        "podCIDR",
        \.network.podCIDR,
        .network(example: "10.244.0.0/16"),
        "Where pods get their addresses from. It cannot be changed later."
      ),
      .defaulted(
        "serviceCIDR",
        \.network.serviceCIDR,
        .network(example: "10.96.0.0/16"),
        "Where services get their addresses from: the first is the API's, the tenth is the DNS "
          + "service's by custom. It cannot be changed later."
      ),
      .defaulted(
        "nodePrefix",
        \.network.nodePrefix,
        .integer(8...30),
        "The length of each node's own subnet of the pod network: 24 has room for 254 pods. It cannot "
          + "be changed later."
      ),
      .defaulted(
        "nodePorts",
        \.network.nodePorts,
        .portRange,
        "Ports on every node that services may be given."
      ),
      .defaulted(
        "dnsDomain",
        \.network.dnsDomain,
        .dnsDomain,
        "The domain of the names of services."
      ),
      .group(
        "cni",
        "How pods are connected.",
        [
          .defaulted("type", \.network.cni, .cni, "Which pod network is installed."),
          .defaulted(
            "backend",
            \.network.flannelBackend,
            .flannelBackend,
            "How flannel carries pods' traffic from node to node; of no meaning to other types."
          ),
        ]
      ),
      .group(
        "proxy",
        "How services are reached.",
        [
          .defaulted("mode", \.network.proxyMode, .proxyMode, "How kube-proxy works."),
          .defaulted(
            "conntrack",
            \.network.conntrack,
            .conntrackOwner,
            "Who sizes the kernel's connection table."
          ),
          .optional(
            "conntrackBuckets",
            \.network.conntrackBuckets,
            .integer(1024...4_194_304, example: 32768),
            absent: "the kernel's own choice",
            "Buckets of the connection table, given to its module when it loads."
          ),
        ]
      ),
    ]
  )
}
