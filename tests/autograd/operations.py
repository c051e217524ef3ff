"""The operations whose derivatives are compared with torch's, by families.

Names are those of torch's op_db; a family is a file of `helpers/autograd/derivatives`,
or a folder.
"""

OPERATIONS = {
    "nn/activations": """
        sigmoid nn.functional.celu nn.functional.elu nn.functional.gelu
        nn.functional.glu nn.functional.hardshrink nn.functional.hardsigmoid
        nn.functional.hardswish nn.functional.hardtanh nn.functional.leaky_relu
        nn.functional.logsigmoid nn.functional.mish nn.functional.prelu
        nn.functional.relu nn.functional.relu6 nn.functional.selu nn.functional.silu
        nn.functional.softplus nn.functional.softshrink nn.functional.softsign
        nn.functional.tanhshrink nn.functional.threshold
    """.split(),
    "nn/attention": """
        nn.functional.multi_head_attention_forward
        nn.functional.scaled_dot_product_attention torch.ops.aten._safe_softmax.default
    """.split(),
    "nn/softmax_cumulative": """
        cummax cummin cumprod cumsum log_softmax logcumsumexp nn.functional.softmin
        softmax
    """.split(),
    "indexing/select": """
        argsort kthvalue masked_fill masked_scatter masked_select maximum minimum mode
        sort topk where
    """.split(),
    "indexing/clamp": "clamp clamp_max clamp_min fmax fmin".split(),
    "elementwise/complex": """
        abs angle complex conj conj_physical real resolve_conj resolve_neg sgn
    """.split(),
    "nn/convolution": """
        nn.functional.conv1d nn.functional.conv2d nn.functional.conv3d
        nn.functional.conv_transpose1d nn.functional.conv_transpose2d
        nn.functional.conv_transpose3d nn.functional.unfold
    """.split(),
    "nn/interpolation": """
        grid_sampler_2d grid_sampler_3d nn.functional.channel_shuffle
        nn.functional.grid_sample nn.functional.interpolate nn.functional.pixel_shuffle
        nn.functional.pixel_unshuffle nn.functional.upsample_bilinear
        nn.functional.upsample_nearest
    """.split(),
    "nn/dropout": """
        nn.functional.alpha_dropout nn.functional.dropout nn.functional.dropout2d
        nn.functional.dropout3d nn.functional.feature_alpha_dropout nn.functional.rrelu
    """.split(),
    "nn/embedding": """
        nn.functional.embedding nn.functional.embedding_bag
    """.split(),
    "losses": """
        nn.functional.binary_cross_entropy
        nn.functional.binary_cross_entropy_with_logits
        nn.functional.cosine_embedding_loss nn.functional.cross_entropy
        nn.functional.ctc_loss nn.functional.gaussian_nll_loss
        nn.functional.hinge_embedding_loss nn.functional.huber_loss nn.functional.kl_div
        nn.functional.l1_loss nn.functional.margin_ranking_loss nn.functional.mse_loss
        nn.functional.multi_margin_loss nn.functional.multilabel_margin_loss
        nn.functional.multilabel_soft_margin_loss nn.functional.nll_loss
        nn.functional.poisson_nll_loss nn.functional.smooth_l1_loss
        nn.functional.soft_margin_loss nn.functional.triplet_margin_loss
        nn.functional.triplet_margin_with_distance_loss
    """.split(),
    "linear_algebra/products": """
        __rmatmul__ addbmm addmm addmv addr baddbmm bmm dot inner kron
        linalg.multi_dot linalg.vecdot matmul mm mv nn.functional.bilinear
        nn.functional.linear outer tensordot vdot
    """.split(),
    "linear_algebra/einsum": ["einsum"],
    "linear_algebra/solve_det": """
        cholesky cross linalg.cholesky linalg.cholesky_ex linalg.cross linalg.det
        linalg.inv linalg.inv_ex linalg.matrix_power linalg.slogdet linalg.solve logdet
        trace
    """.split(),
    "fft": """
        fft.fft fft.fft2 fft.fftn fft.fftshift fft.hfft fft.hfft2 fft.hfftn fft.ifft
        fft.ifft2 fft.ifftn fft.ifftshift fft.ihfft fft.ihfft2 fft.ihfftn fft.irfft
        fft.irfft2 fft.irfftn fft.rfft fft.rfft2 fft.rfftn
    """.split(),
    "linear_algebra/decompositions": """
        linalg.eig linalg.eigh linalg.eigvals linalg.eigvalsh linalg.lu linalg.lu_factor
        linalg.lu_factor_ex linalg.lu_solve linalg.qr lu_solve lu_unpack qr
    """.split(),
    "linear_algebra/systems": """
        cholesky_inverse cholesky_solve linalg.cond linalg.lstsq linalg.pinv
        linalg.solve_triangular linalg.tensorinv linalg.tensorsolve linalg.vander
        matrix_exp pinverse triangular_solve
    """.split(),
    "nn/normalisation": """
        nn.functional.batch_norm nn.functional.cosine_similarity
        nn.functional.group_norm nn.functional.instance_norm
        nn.functional.layer_norm nn.functional.normalize nn.functional.rms_norm
    """.split(),
    "nn/pooling": """
        nn.functional.adaptive_avg_pool1d nn.functional.adaptive_avg_pool2d
        nn.functional.adaptive_avg_pool3d nn.functional.adaptive_max_pool1d
        nn.functional.adaptive_max_pool2d nn.functional.adaptive_max_pool3d
        nn.functional.avg_pool1d nn.functional.avg_pool2d nn.functional.avg_pool3d
        nn.functional.max_pool1d nn.functional.max_pool2d nn.functional.max_pool3d
    """.split(),
    "nn/unpooling": """
        nn.functional.fractional_max_pool2d nn.functional.fractional_max_pool3d
        nn.functional.local_response_norm nn.functional.max_unpool1d
        nn.functional.max_unpool2d nn.functional.max_unpool3d
    """.split(),
    "elementwise/arithmetic": """
        __radd__ __rdiv__ __rmod__ __rmul__ __rpow__ __rsub__ add addcdiv addcmul ceil
        copysign div eq float_power floor fmod frac hypot isnan lerp lt mul nan_to_num
        neg positive pow reciprocal remainder round rsqrt rsub sign sqrt square sub
        true_divide trunc
    """.split(),
    "reduction/max_min": """
        amax amin aminmax argmax argmin max median min nanmedian
    """.split(),
    "reduction/norm": """
        dist linalg.matrix_norm linalg.norm linalg.vector_norm norm
    """.split(),
    "reduction/sum_mean": """
        all any count_nonzero logsumexp mean nanmean nansum prod sum
    """.split(),
    "linear_algebra/svd": """
        linalg.svd linalg.svdvals svd
    """.split(),
    "elementwise/exp_log_trig": """
        acos acosh asin asinh atan atan2 atanh cos cosh deg2rad digamma erf erfc erfinv
        exp exp2 expm1 lgamma log log10 log1p log2 logaddexp logaddexp2 polygamma
        rad2deg sin sinc sinh special.polygamma special.xlog1py tan tanh xlogy
    """.split(),
    "elementwise/special": """
        frexp i0 ldexp logit mvlgamma special.entr special.erfcx special.i0e special.i1
        special.i1e special.log_ndtr special.ndtr special.ndtri
    """.split(),
    "reduction/quantile": """
        corrcoef cov nanquantile quantile
    """.split(),
    "reduction/distance": """
        cdist nn.functional.pairwise_distance nn.functional.pdist renorm
    """.split(),
    "reduction/differences": """
        cumulative_trapezoid diff trapezoid trapz
    """.split(),
    "reduction": """
        masked.amax masked.amin masked.cumprod masked.cumsum masked.log_softmax
        masked.logaddexp masked.logsumexp masked.mean masked.median masked.norm
        masked.normalize masked.prod masked.softmax masked.softmin masked.std masked.sum
        masked.var
    """.split(),
    "reduction/variance": "std std_mean var var_mean".split(),
    "shape/convert": """
        bfloat16 cdouble cfloat chalf double float half to
    """.split(),
    "indexing/getitem": ["__getitem__"],
    "indexing/gather": """
        gather index_add index_copy index_fill index_put index_select narrow put scatter
        scatter_add select slice take take_along_dim
    """.split(),
    "indexing/scatter_reduce": """
        diagonal_scatter index_reduce scatter_reduce select_scatter slice_scatter
    """.split(),
    "shape/join_split": """
        atleast_1d atleast_2d atleast_3d cat chunk column_stack dsplit dstack hsplit
        hstack meshgrid split split_with_sizes stack tensor_split unbind vsplit vstack
    """.split(),
    "indexing/write": """
        bernoulli fill zero_
    """.split(),
    "shape/combine": """
        block_diag cartesian_prod combinations diagonal_copy expand_copy linalg.diagonal
        msort permute_copy polar split_with_sizes_copy squeeze_copy t_copy
        transpose_copy unbind_copy unfold_copy unsafe_chunk unsafe_split unsqueeze_copy
        view_as_complex view_copy
    """.split(),
    "shape/pad": "constant_pad_nd nn.functional.pad".split(),
    "shape/move": """
        H T broadcast_tensors broadcast_to clone contiguous diag diag_embed diagflat
        diagonal expand expand_as flatten flip fliplr flipud mH mT movedim permute ravel
        repeat repeat_interleave reshape reshape_as roll rot90 squeeze sum_to_size t
        tile transpose tril triu unflatten unfold unsqueeze view view_as
    """.split(),
}

# What torch has in some versions of the range only: operations that newer ones removed,
# and those that older ones have no derivative of.
REMOVED = ["cholesky", "qr"]
LATER_DERIVATIVES = ["aminmax"]
# Ours says plainly that these have no second derivative; nor have most in torch.
ONCE_DIFFERENTIABLE = """
    grid_sampler_2d grid_sampler_3d nn.functional.ctc_loss nn.functional.embedding_bag
    nn.functional.grid_sample nn.functional.multi_margin_loss
    nn.functional.multilabel_margin_loss
""".split()
# Complex vectors whose phase is free: torch has gradients only of what does not see it.
UP_TO_PHASE = ["linalg.eig"]
# Batches of millions of numbers, each of which is treated alike: two of them will do.
BATCHES = ["grid_sampler_3d"]

# Rules that torch's op_db has no samples for, and where they are compared instead.
LEFT_OUT = {
    "F.fold, torch.ger, F.dropout1d": "no samples; compared in test_layer_forms.py",
    "__setitem__ and other changes in place": "no samples; compared in test_inplace.py",
    "F.embedding with sparse=True": "no samples; compared in test_layer_forms.py",
    "einsum's sublist form with a raw first operand": "torch never asks our Tensor",
}
