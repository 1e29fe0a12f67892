using Formwork.Compiler.Text;
using Xunit;

namespace Formwork.Compiler.Tests.Text;

public class NamesTests
{
    [Theory]
    [InlineData("layers.3.attention.query", "Layer03AttentionQuery")]
    [InlineData("layers.117.feed_forward.output_norm.weight", "Layer117FeedForwardOutputNormWeight")]
    [InlineData("final_norm.weight", "FinalNormWeight")]
    public void PathsBecomeIdentifiers(string path, string name) => Assert.Equal(name, Names.CSharp(path));

    [Fact]
    public void LayerNumbersCanBeTakenOut()
    {
        Assert.Equal("layers.attention.query.weight", Names.WithoutLayer("layers.12.attention.query.weight", out int? layer));
        Assert.Equal(12, layer);
        Assert.Equal("final_norm.weight", Names.WithoutLayer("final_norm.weight", out layer));
        Assert.Null(layer);
    }
}
