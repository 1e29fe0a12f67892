using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>What a model's architecture does not have, although keys ask for it.</summary>
internal static class ArchitectureRules
{
    /// <summary>Reports keys that mean nothing to the architecture.</summary>
    public static void Check(Cascade file, ModelSpec spec, Architecture? architecture, DiagnosticBag diagnostics)
    {
        if (architecture is not { } known)
            return;
        if (known != Architecture.EncoderDecoder)
        {
            Refuse(file, "source_vocabulary", "there is no source; remove it");
            Refuse(file, "cross_attention", "there is no source to attend to; remove it");
            Refuse(file.Section("embedding"), "shared", "there is one stack and so one table; remove it");
        }
        else if (spec is { SourceVocabulary: not null, Embedding.Shared: true } && file.Section("embedding").Find("shared") is { } shared)
            Report(shared, "beside `source_vocabulary`", "tables of two vocabularies cannot be one; remove one of the two");
        if (known == Architecture.DecoderOnly && spec.Decoder is { TakesVectors: true } && file.Find("input") is { } input)
            Report(input, With(), "only an encoder can take vectors; remove it");
        if (known == Architecture.EncoderDecoder && spec.Decoder is { TakesVectors: true } && file.Find("input") is { } both)
            Report(both, "for the decoder", "only an encoder can take vectors; write it under `encoder`");
        if (known != Architecture.EncoderOnly && file.Section("embedding").Find("token_types") is { Data: > 0 } types)
            Report(types, With(), "only encoder-only models have token types; remove it");

        void Refuse(Cascade section, string key, string remedy)
        {
            if (section.Find(key) is { } found)
                Report(found, With(), remedy);
        }

        void Report(SpecValue found, string beside, string remedy) =>
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, found.Span, found.Path, beside, remedy);

        string With() => $"with `architecture` {SpecNames.Architectures.Name(known)}";
    }
}
