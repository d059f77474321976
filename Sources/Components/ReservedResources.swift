// SPDX-License-Identifier: Apache-2.0

/// What EKS's nodes keep from pods for the kubelet and the runtime.
///
/// Source: awslabs/amazon-eks-ami, nodeadm/internal/kubelet/reserved_resources.go.
package enum ReservedResources {
  /// 6% of the first CPU, 1% of the second, 0.5% of the next two, 0.25% of all others, in thousandths of
  /// a CPU, rounded down.
  package static func milliCPU(cpus: Int) -> Int {
    let hundredths = (0..<max(0, cpus)).map { cpu in
      switch cpu {
      case 0: 6000
      case 1: 1000
      case 2, 3: 500
      default: 250
      }
    }
    return hundredths.reduce(0, +) / 100
  }

  /// 11 MiB a pod and 255 MiB.
  package static func memoryMiB(maxPods: Int) -> Int { 11 * maxPods + 255 }
}
