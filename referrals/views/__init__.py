"""The pages of the form, the guide, and what stands around them."""
