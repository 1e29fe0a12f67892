using Formwork.TestSupport.Libtorch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>Whether libtorch takes part on this machine.</summary>
internal static class LibtorchPeer
{
    /// <summary>Whether it could be loaded.</summary>
    public static bool IsThere
    {
        get
        {
            PeerWidths.Apply();
            return LibtorchLoader.Prepare();
        }
    }

    /// <summary>A line for the tables: how it is used, or why it is not there.</summary>
    public static string Note => IsThere
        ? $"libtorch {LibtorchModel.Version}: its own fused attention, inference mode, f32"
        : $"no libtorch: {LibtorchLoader.UnavailableReason}";
}
