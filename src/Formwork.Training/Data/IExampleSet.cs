namespace Formwork.Training.Data;

/// <summary>A number of examples.</summary>
public interface IExampleSet
{
    /// <summary>What they are, in words that say how many and of what content.</summary>
    string Description { get; }

    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>Whether each has a source.</summary>
    bool HasSources { get; }

    /// <summary>How many ids an example has.</summary>
    int Length(int example);

    /// <summary>How many ids its source has; 0 where there is none.</summary>
    int SourceLength(int example);

    /// <summary>An example.</summary>
    TrainingExample Read(int example);
}
