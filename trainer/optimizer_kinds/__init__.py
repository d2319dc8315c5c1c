"""Our own optimizers: no number is fetched from the device in a step, and groups may differ.

- Lion, AdamWScheduleFree: as lion-pytorch and schedulefree, a few lines each, without the package.
- Prodigy, DAdaptAdam: as prodigyopt and dadaptation for equal rates. The packages refuse different
  rates, and wait for the device several times for every parameter.
- ProdigyScheduleFree: Prodigy's step size in schedule-free AdamW.

AdamW is torch's, Adafactor that of transformers, AdamW8bit that of bitsandbytes.
"""
