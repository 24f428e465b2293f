using System.Diagnostics;
using System.Runtime.InteropServices;
using Outbox.Cluster.Tests.Brokers;
using Outbox.Cluster.Tests.Traffic;

namespace Outbox.Cluster.Tests.Scenarios;

/// <summary>Instances of the consuming service that come, leave and die while messages flow.</summary>
public sealed class MembershipTests(ThreeBrokers brokers, ITestOutputHelper output)
{
    private const int SigTerm = 15;

    [Theory]
    [InlineData("classic")]
    [InlineData("consumer")]
    public async Task Instances_join_leave_and_die_twenty_times(string protocol)
    {
        await using var fleet = await Fleet.StartAsync(brokers, output, kafka: k => k.ConsumerSettings["group.protocol"] = protocol);
        foreach (var turn in Enumerable.Range(0, 20))
        {
            using var instance = Start(fleet.Flows[turn % 2].Settings, protocol);
            await JoinedAsync(instance);
            await fleet.RunForAsync(TimeSpan.FromMilliseconds(500));
            if (turn % 4 < 2)
            {
                instance.Kill();
            }
            else
            {
                Assert.Equal(0, SendSignal(instance.Id, SigTerm));
            }

            await instance.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await fleet.SettleAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>Ends when the instance has been given partitions: one that is ended before has taken nothing from anybody.</summary>
    private static async Task JoinedAsync(Process instance)
    {
        while (await instance.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("gives partitions to this instance", StringComparison.Ordinal))
            {
                // What it still writes must not fill the pipe.
                _ = instance.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                return;
            }
        }

        Assert.Fail("The instance ended before it had joined its groups.");
    }

    private static Process Start(FlowSettings settings, string protocol)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Outbox.RelayHost.dll")]) { RedirectStandardOutput = true };
        start.Environment["CONSUME"] = settings.Topic;
        start.Environment["Outbox__MongoDb__Connection"] = settings.MongoDb;
        start.Environment["Outbox__MongoDb__DatabaseName"] = settings.Topic;
        start.Environment["Outbox__Kafka__BootstrapServers"] = settings.Servers;
        start.Environment["Outbox__Kafka__ConsumerSettings__group.protocol"] = protocol;
        start.Environment["Logging__LogLevel__Default"] = "Error";
        start.Environment["Logging__LogLevel__Outbox.Inbox"] = "Information";
        return Process.Start(start)!;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
