using Demo;

namespace Outbox.Examples.Tests.Verdicts;

public sealed class DemoOptionsTests
{
    [Fact]
    public void The_command_line_is_read()
    {
        Assert.Equal(new DemoOptions(), DemoOptions.Parse([]));
        Assert.Equal(
            new DemoOptions { Orders = 20, Kill = false, KeepRunning = true, MongoDb = "mongodb://a", Kafka = "b:1" },
            DemoOptions.Parse(["--orders", "20", "--no-kill", "--keep-running", "--mongodb", "mongodb://a", "--kafka", "b:1"]));
    }

    [Theory]
    [InlineData("--order", "20")]
    [InlineData("--orders")]
    [InlineData("--orders", "-1")]
    [InlineData("--orders", "many")]
    [InlineData("--mongodb", "mongodb://a")]
    public void A_mistake_is_refused(params string[] args) => Assert.Throws<ArgumentException>(() => DemoOptions.Parse(args));
}
