using System.CommandLine;
using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Seeing;

/// <summary><c>lag</c>: how much the endpoints have left to do.</summary>
internal static class LagVerb
{
    private static readonly Option<string?> Endpoint = new("--endpoint") { Description = "Only this endpoint: its group.", HelpName = "group" };

    public static Command Create(Caller caller) =>
        caller.Runs(new Command("lag", "Ask Kafka how much the endpoints have left to do. It needs --kafka.") { Endpoint }, RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var wanted = call.Get(Endpoint);
        var consumed = (await place.Get<IOutboxOverview>().ListEndpointsAsync(call.Cancellation).ConfigureAwait(false))
            .Where(endpoint => wanted is null || endpoint.Endpoint == wanted).SelectMany(endpoint => endpoint.Topics.Select(topic => (endpoint.Endpoint, Topic: topic))).ToList();
        if (wanted is not null && consumed.Count == 0)
        {
            throw new CommandException(ExitCode.NotFound, $"No instance of endpoint '{wanted}' has shown itself within a week. outbox instances lists what there is; an endpoint is called as its group.");
        }

        var brokers = new Brokers(place.Settings);
        // Kafka's client blocks the thread that asks.
        var lags = consumed.Count == 0 ? [] : await Task.Run(() => GroupLag.Read(brokers, consumed), call.Cancellation).ConfigureAwait(false);
        call.Answer.Many(
            lags,
            "No endpoint has shown itself within a week.",
            new("endpoint", lag => lag.Endpoint),
            new("topic", lag => lag.Partitions == 0 ? $"{lag.Topic} (there is none, or this user may not see it)" : lag.Topic) { Tone = lag => lag.Partitions == 0 ? Tone.Bad : Tone.Normal },
            new("lag", lag => lag.Lag.ToString("N0", CultureInfo.InvariantCulture)) { Tone = lag => lag.Lag > 0 ? Tone.Warning : Tone.Good },
            new("partitions", lag => lag.Partitions.ToString(CultureInfo.InvariantCulture)),
            new("most in", lag => lag.WorstPartition is { } worst ? $"partition {worst}" : ""),
            new("never committed", lag => lag.NeverCommitted == 0 ? "" : $"{lag.NeverCommitted} partitions"));
        return ExitCode.Done;
    }
}
