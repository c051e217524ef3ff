"""The operations whose derivatives are compared with torch's, by families.

Names are those of torch's op_db; a family names the file of the derivative table.
"""

OPERATIONS = {
    "activations": """
        sigmoid nn.functional.celu nn.functional.elu nn.functional.gelu
        nn.functional.glu nn.functional.hardshrink nn.functional.hardsigmoid
        nn.functional.hardswish nn.functional.hardtanh nn.functional.leaky_relu
        nn.functional.logsigmoid nn.functional.mish nn.functional.prelu
        nn.functional.relu nn.functional.relu6 nn.functional.selu nn.functional.silu
        nn.functional.softplus nn.functional.softshrink nn.functional.softsign
        nn.functional.tanhshrink nn.functional.threshold
    """.split(),
    "along": """
        cummax cummin cumprod cumsum log_softmax nn.functional.softmin softmax
    """.split(),
    "choice": """
        argsort clamp clamp_max clamp_min fmax fmin kthvalue masked_fill masked_scatter
        masked_select maximum minimum mode sort topk where
    """.split(),
    "complex_parts": "abs angle complex conj conj_physical real sgn".split(),
    "elementwise": """
        __rdiv__ __rmod__ __rpow__ __rsub__ add addcdiv addcmul ceil copysign div eq
        float_power floor fmod frac hypot isnan lerp lt mul nan_to_num neg positive pow
        reciprocal remainder round rsqrt rsub sign sqrt square sub true_divide trunc
    """.split(),
    "extremes": """
        amax amin aminmax argmax argmin max median min nanmedian
    """.split(),
    "norms": """
        dist linalg.matrix_norm linalg.norm linalg.vector_norm nn.functional.normalize
        norm
    """.split(),
    "reduction": """
        all any count_nonzero logsumexp mean nanmean nansum prod sum
    """.split(),
    "singular_values": ["linalg.svdvals"],
    "transcendental": """
        acos acosh asin asinh atan atan2 atanh cos cosh deg2rad digamma erf erfc erfinv
        exp exp2 expm1 lgamma log log10 log1p log2 logaddexp logaddexp2 polygamma
        rad2deg sin sinc sinh special.xlog1py tan tanh xlogy
    """.split(),
    "variance": "std std_mean var var_mean".split(),
    "shape": "expand unsqueeze clone".split(),
}
