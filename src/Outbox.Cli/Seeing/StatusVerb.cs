using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Seeing;

/// <summary><c>status</c>: how the outbox and the inbox are.</summary>
internal static class StatusVerb
{
    private static readonly Option<bool> Watch = new("--watch") { Description = "Look again every few seconds, until Ctrl+C." };
    private static readonly Option<string> Every = new("--every") { Description = "How often, with --watch.", HelpName = "time", DefaultValueFactory = _ => "2s" };
    private static readonly Option<bool> Check = new("--check") { Description = "End with 10 when it is degraded, and with 11 when it is unhealthy." };
    private static readonly Option<string> Degraded = new("--degraded-age") { Description = "The age of the oldest pending message from which it is degraded.", HelpName = "time", DefaultValueFactory = _ => "1m" };
    private static readonly Option<string> Unhealthy = new("--unhealthy-age") { Description = "The age from which it is unhealthy.", HelpName = "time", DefaultValueFactory = _ => "5m" };

    public static Command Create(Caller caller) => caller.Runs(
        new Command("status", "Show what is pending, parked, paused and unowned, and whether that is as it should be.") { Watch, Every, Check, Degraded, Unhealthy }, RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var request = new OverviewRequest { DegradedAge = Times.Length(call.Get(Degraded)!, "--degraded-age"), UnhealthyAge = Times.Length(call.Get(Unhealthy)!, "--unhealthy-age") };
        var every = Times.Length(call.Get(Every)!, "--every");
        if (call.Get(Watch) && every < TimeSpan.FromMilliseconds(100))
        {
            throw new CommandException(ExitCode.Usage, "--every is at least 0.1s.");
        }

        var place = await call.OpenAsync().ConfigureAwait(false);
        var table = new StatusTable(call.Answer);
        var seen = await LookAsync().ConfigureAwait(false);
        call.Answer.One(seen, table.Write);
        try
        {
            while (call.Get(Watch))
            {
                await Task.Delay(every, call.Time, call.Cancellation).ConfigureAwait(false);
                seen = await LookAsync().ConfigureAwait(false);
                call.Answer.Again();
                call.Answer.One(seen, table.Write);
            }
        }
        catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
        {
            // Ctrl+C is how a person ends it, and no error.
        }

        return !call.Get(Check) ? ExitCode.Done : seen.State switch
        {
            OverviewState.Unhealthy => ExitCode.Unhealthy,
            OverviewState.Degraded => ExitCode.Degraded,
            _ => ExitCode.Done,
        };

        async Task<StatusAnswer> LookAsync() => StatusAnswer.Of(place.Name, await place.Get<IOutboxOverview>().ReadAsync(request, call.Cancellation).ConfigureAwait(false));
    }
}
