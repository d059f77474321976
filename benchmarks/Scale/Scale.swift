// SPDX-License-Identifier: Apache-2.0

@main
enum Scale {
  static func main() {}
}
