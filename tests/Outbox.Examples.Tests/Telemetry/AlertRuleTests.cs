using System.ComponentModel;
using System.Diagnostics;

namespace Outbox.Examples.Tests.Telemetry;

/// <summary>The rules, judged by Prometheus's own tool.</summary>
public sealed class AlertRuleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("check", "outbox.rules.yml")]
    [InlineData("test", "outbox.rules.test.yml")]
    public async Task The_rules_are_valid_and_fire_when_they_should(string verb, string file)
    {
        var start = new ProcessStartInfo("promtool", [verb, "rules", file])
        {
            WorkingDirectory = Repository.PathOf("ops", "prometheus"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var tool = Start(start);
        if (tool is null)
        {
            Assert.Skip("promtool is not installed; Debian has it in the package prometheus.");
        }

        var (said, complained) = (tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
        await tool.WaitForExitAsync();
        output.WriteLine(await said + await complained);
        Assert.Equal(0, tool.ExitCode);
    }

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
