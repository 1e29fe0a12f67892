using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <summary>Places each layer's keys and values in a sequence's cache.</summary>
internal sealed class CachePlanner(int context)
{
    public long Length { get; private set; }

    public PlannedCache Add(Attention attention)
    {
        long keys = Length, values = keys + AttentionKernel.KeyFloats(attention.KeyValueHeads, attention.HeadWidth, context);
        Length = values + AttentionKernel.ValueFloats(attention.KeyValueHeads, attention.HeadWidth, context);
        return new PlannedCache(keys, values);
    }
}
