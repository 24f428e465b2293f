using Outbox.Kafka.Inbox.Rider;

namespace Outbox.Kafka.Inbox.Projecting;

/// <summary>Consumes the topic of one build until it is stopped.</summary>
internal sealed class ProjectionConsumer
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _run;

    public ProjectionConsumer(ProjectionParts parts) => _run = RunAsync(parts, parts.Start(_stopping.Token));

    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
    }

    private async Task RunAsync(ProjectionParts parts, RunningParts running)
    {
        await Task.Yield();
        running.Health.State.Started();
        var sweeping = running.Sweep!.RunAsync(parts.RevokeTimeout, _stopping.Token);
        await Task.Factory.StartNew(() => running.Loop.Run(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        await sweeping.ConfigureAwait(false);
        await running.Health.CompletedAsync().ConfigureAwait(false);
    }
}
