#!/usr/bin/env bash
# Started by mpirun on one host: lets the lower and the upper half of the ranks look like two hosts.
half=$((OMPI_COMM_WORLD_SIZE / 2))
export OMPI_COMM_WORLD_LOCAL_SIZE=$half
export OMPI_COMM_WORLD_LOCAL_RANK=$((OMPI_COMM_WORLD_RANK % half))
export DLIO_FLINK_SIMULATED_HOST=host$((OMPI_COMM_WORLD_RANK / half))
exec "$@"
