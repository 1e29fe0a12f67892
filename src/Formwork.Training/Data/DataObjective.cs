namespace Formwork.Training.Data;

/// <summary>What is learnt from texts.</summary>
public enum DataObjective
{
    /// <summary><see cref="CausalObjective"/>.</summary>
    Causal,

    /// <summary><see cref="MaskedLanguageObjective"/>.</summary>
    MaskedLanguage,

    /// <summary><see cref="TranslationObjective"/>.</summary>
    Translation,

    /// <summary><see cref="LabelObjective"/>.</summary>
    Labels,
}
