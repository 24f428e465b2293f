using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;

namespace Outbox.Integration.Tests.Inbox.Sequencing;

/// <summary>
/// Ends an instance behind a chosen database command: what it would send next never leaves it. Its sessions are killed, as the server gives up those of processes that are gone, but sooner.
/// </summary>
internal sealed class Crash(int commands)
{
    private static readonly AsyncLocal<Crash?> Current = new();
    private readonly HashSet<BsonValue> _sessions = [];
    private int _sent;

    private bool Happened { get; set; }

    public static void Observe(MongoClientSettings settings)
    {
        var others = settings.ClusterConfigurator;
        settings.ClusterConfigurator = cluster =>
        {
            others?.Invoke(cluster);
            cluster.Subscribe<CommandStartedEvent>(command => Current.Value?.Count(command));
        };
    }

    /// <returns>Whether the instance was killed before it was through.</returns>
    public static async Task<bool> AfterAsync(int commands, IMongoDatabase database, Func<Task> body)
    {
        var crash = new Crash(commands);
        await Task.Run(async () =>
        {
            Current.Value = crash;
            try
            {
                await body();
            }
            catch (Exception) when (crash.Happened)
            {
                // It is gone, wherever it was.
            }
        });
        if (crash.Happened && crash._sessions.Count > 0)
        {
            await database.RunCommandAsync<BsonDocument>(new BsonDocument("killSessions", new BsonArray(crash._sessions)));
        }

        return crash.Happened;
    }

    private void Count(CommandStartedEvent command)
    {
        if (command.Command.TryGetValue("lsid", out var session))
        {
            _sessions.Add(new BsonDocument("id", session["id"].AsBsonBinaryData));
        }

        if (command.CommandName != "abortTransaction" && _sent++ >= commands)
        {
            Happened = true;
            throw new OperationCanceledException("The instance was killed.");
        }
    }
}
