"""Cases: decisions that are only ever added, folded into a state, and the chain that shows any change."""
