"""A day of traffic of which everything is known: who met whom, who was silent, who only seemed to meet.

    scene = scenario(ships=5000, hours=24, seed=0)
    scene.positions.write_parquet("day.parquet")

The scene is a pure function of its size and seed (and of where the project knows land and ports to be).
"""

from clearwake.benchmarks.scenario.compose import Scenario, scenario
from clearwake.benchmarks.scenario.paths import Paths
from clearwake.benchmarks.scenario.waters import Sea

__all__ = ["Paths", "Scenario", "Sea", "scenario"]
