// SPDX-License-Identifier: Apache-2.0

@main
enum Kubewright {
  static func main() {}
}
