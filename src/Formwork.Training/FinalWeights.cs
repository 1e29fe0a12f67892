namespace Formwork.Training;

/// <summary>Which weights a run ends with.</summary>
public enum FinalWeights
{
    /// <summary>Those of the last step.</summary>
    Last,

    /// <summary>Those of the least evaluation loss.</summary>
    Best,

    /// <summary>The mean of the last checkpoints (Vaswani et al. 2017, section 6.1).</summary>
    Average,
}
