# SPDX-License-Identifier: Apache-2.0
"""Runs dlio-flink against the floor of this machine; see benchmarks/README.md."""
