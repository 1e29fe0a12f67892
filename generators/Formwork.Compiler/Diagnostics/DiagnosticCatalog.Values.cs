namespace Formwork.Compiler.Diagnostics;

/// <content>02xx: values and shapes.</content>
public static partial class DiagnosticCatalog
{
    /// <summary>Details: the value's path, the value, what is expected.</summary>
    public static DiagnosticKind WrongType { get; } = Error(201, "A value has the wrong type",
        "{0} is {1}; expected {2}");

    /// <summary>Details: the value's path, the value, what is expected, the nearest name or nothing.</summary>
    public static DiagnosticKind UnknownValue { get; } = Error(202, "A value is not one of the known names",
        "`{0}` is `{1}`; expected {2}{3}");

    /// <summary>Details: the path of the heads, the heads, the width, the nearest multiples.</summary>
    public static DiagnosticKind WidthNotDivisible { get; } = Error(203, "The width is not a multiple of the heads",
        "`{0}` is {1} but `width` is {2}; width must be a multiple of heads when `head_width` is not given (nearest: {3})");

    /// <summary>Details: the value's path, the value, what is expected.</summary>
    public static DiagnosticKind OutOfRange { get; } = Error(204, "A number is out of range",
        "`{0}` is {1}; expected {2}");

    /// <summary>Details: the value's path, the value, what is expected.</summary>
    public static DiagnosticKind NotAnIdentifier { get; } = Error(205, "The model's name is not a C# name",
        "`{0}` is `{1}`; expected {2}");

    /// <summary>Details: the path of the key/value heads, their number, the heads, the nearest divisors.</summary>
    public static DiagnosticKind HeadsNotDivisible { get; } = Error(206, "The heads are not a multiple of the key/value heads",
        "`{0}` is {1} but there are {2} heads; heads must be a multiple of key_value_heads (nearest: {3})");

    /// <summary>Details: the path to blame, the fraction, the head's width, their product.</summary>
    public static DiagnosticKind RotaryWidthNotEven { get; } = Error(207, "The rotated width is not even",
        "`{0}` leaves {1} × {2} = {3} numbers of a head to rotate; rotations turn pairs, so expected an even whole number: change `fraction` or `head_width`");

    /// <summary>Details: the path of the positions' kind, the width, the even widths about it.</summary>
    public static DiagnosticKind OddSinusoidWidth { get; } = Error(208, "Sinusoidal positions need an even width",
        "`{0}` is sinusoidal but `width` is {1}; sines and cosines come in pairs, so width must be even (nearest: {2}, {3})");

    /// <summary>Details: what is too large, the limit, the remedy.</summary>
    public static DiagnosticKind TooLarge { get; } = Error(209, "The model is too large",
        "Here {0}; expected at most {1:N0}: {2}");

    /// <summary>Details: their number as far as counted, the limit.</summary>
    public static DiagnosticKind TooManyLayers { get; } = Error(210, "The groups have too many layers",
        "The groups have {0:N0} layers or more; expected at most {1:N0}: check each `repeat`");

    /// <summary>Details: the token's path, the token, the vocabulary, its last id.</summary>
    public static DiagnosticKind TokenOutsideVocabulary { get; } = Error(211, "A token id is outside the vocabulary",
        "`{0}` is {1} but `vocabulary` is {2}; expected a token id from 0 to {3}");

    /// <summary>Details: the path, the number, the key of what is chosen from, its number.</summary>
    public static DiagnosticKind ChosenFromTooFew { get; } = Error(212, "More are chosen than there are",
        "`{0}` is {1} but `{2}` leaves {3}; expected at most that many");

    /// <summary>Details: the path of the groups, their number, the experts, the nearest divisors.</summary>
    public static DiagnosticKind GroupsNotDivisible { get; } = Error(213, "The experts are not a multiple of the groups",
        "`{0}` is {1} but there are {2} experts; groups must be of one size (nearest: {3})");

    /// <summary>Details: the path, the rotated width, the head's width.</summary>
    public static DiagnosticKind LatentRotaryWidth { get; } = Error(214, "The rotated part of a latent head does not fit",
        "`{0}` is {1} but a head is {2} wide; expected an even number below that: `head_width` counts the rotated numbers and the others");

    /// <summary>Details: the path, the factors, the rotated pairs.</summary>
    public static DiagnosticKind FactorsPerFrequency { get; } = Error(215, "The factors are not one a frequency",
        "`{0}` has {1} factors but {2} pairs of numbers are rotated; expected one factor a pair");

    /// <summary>Details: the path of the positions' kind, the numbers of heads.</summary>
    public static DiagnosticKind RelativeHeads { get; } = Error(216, "Relative positions need layers of the same heads",
        "`{0}` is relative but the layers have {1} heads; expected one number, for all layers read one table with a column a head");

    /// <summary>Details: the path, the name, the known names, the nearest name or nothing.</summary>
    public static DiagnosticKind UnknownLayout { get; } = Error(220, "The weight layout is not known",
        "`{0}` is `{1}`; expected one of {2}, or a layout of the spec's own (`tensors`){3}");

    /// <summary>Details: the name, the nearest name or nothing.</summary>
    public static DiagnosticKind UnknownParameter { get; } = Error(221, "A layout names a parameter that no model has",
        "`{0}` is not the name of a parameter; expected a name such as `layers.attention.query.weight`{1}");

    /// <summary>Details: the parameter, the tensor's name, what is expected.</summary>
    public static DiagnosticKind LayerHole { get; } = Error(222, "A tensor's name does not fit its parameter",
        "`{0}` has the tensor `{1}`; {2}");

    /// <summary>Details: the joined name.</summary>
    public static DiagnosticKind NotFusable { get; } = Error(223, "A layout joins parameters that cannot be joined",
        "`{0}` joins parameters that no checkpoint stores as one tensor; expected different ones of query, key and value, or of gate and up");

    /// <summary>Details: the parameter, its first tensor.</summary>
    public static DiagnosticKind ParameterTwice { get; } = Error(224, "A layout gives a parameter two tensors",
        "`{0}` has the tensor `{1}` already; keep one of them");
}
