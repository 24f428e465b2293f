using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Operations.Explaining;

namespace Outbox.Cli.Explaining;

/// <summary><c>trace</c>: the way of one message through the databases of several services.</summary>
internal static class TraceVerb
{
    private static readonly Argument<string> Id = new("messageId") { Description = "The message's id." };
    private static readonly Option<string[]> Databases = new("--in") { Description = "Another service's database on the same server. May be said several times.", HelpName = "database" };
    private static readonly Option<string[]> OtherProfiles = new("--in-profile") { Description = "A profile of another service. May be said several times.", HelpName = "profile" };

    public static Command Create(Caller caller) => caller.Runs(
        new Command("trace", "Follow one message: outbox, sent, parked and inbox, also of other services' databases.") { Id, Databases, OtherProfiles }, RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var id = call.Get(Id);
        var steps = new List<TraceStep>();
        OutboxPlace? first = null;
        foreach (var settings in Places(call))
        {
            var place = await call.OpenAsync(settings).ConfigureAwait(false);
            first ??= place;
            var found = await place.Get<IExplain>().ExplainAsync(id, call.Cancellation).ConfigureAwait(false);
            steps.AddRange(TraceStep.Of(place.Name, id, found));
        }

        var now = first!.Now;
        IReadOnlyList<TraceStep> rows = [.. steps.OrderBy(step => step.At)];
        call.Answer.Many(
            rows,
            $"There is no trace of message {id}. Look in other services' databases too: --in, --in-profile.",
            new("when", step => $"{Ages.Exact(step.At)}, {Ages.At(step.At, now)}"),
            new("database", step => step.Database),
            new("place", step => step.Place),
            new("endpoint", step => step.Endpoint),
            new("outcome", step => step.Outcome),
            new("topic", step => step.Topic),
            new("entity", step => step.EntityType.Length == 0 ? step.EntityId : $"{step.EntityType}/{step.EntityId}"),
            new("version", step => step.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("error", step => step.Error));
        return rows.Count > 0 ? ExitCode.Done : ExitCode.NotFound;
    }

    private static IEnumerable<ConnectionSettings> Places(Call call)
    {
        var own = call.Settings();
        return [own, .. (call.Get(Databases) ?? []).Select(name => own with { Database = name }), .. (call.Get(OtherProfiles) ?? []).Select(call.Settings)];
    }
}
