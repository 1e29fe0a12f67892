namespace Formwork.Compiler.Planning.Training;

/// <summary>When a step of training is done.</summary>
public enum TrainingPhase
{
    /// <summary>Before the loss.</summary>
    Forward,

    /// <summary>The head up to the loss, some rows at a time.</summary>
    Head,

    /// <summary>What flows back through the head, of the same rows.</summary>
    HeadBackward,

    /// <summary>What flows back through the layers.</summary>
    Backward,
}
