namespace Formwork.Benchmarks.SideBySide;

/// <summary>A model that learns from one batch again and again.</summary>
internal interface ITrainingContender : IContender
{
    /// <summary>The mean loss and the norm of its gradient, without dropout; changes nothing.</summary>
    TrainingCheck Check();

    /// <summary>One step: forward and backward passes, clipping, AdamW.</summary>
    TrainingTurn Step();
}
