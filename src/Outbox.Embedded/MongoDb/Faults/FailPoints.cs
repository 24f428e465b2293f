using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Faults;

/// MongoDB's own way to make commands fail: configureFailPoint with "failCommand".
internal sealed class FailPoints
{
    private readonly Lock _gate = new();
    private FailCommand? _active;

    public void Configure(BsonDocument command)
    {
        if (command[0] != "failCommand")
        {
            throw MongoError.BadValue($"There is no fail point '{command[0]}': this server has 'failCommand'");
        }

        var next = FailCommand.Parse(command);
        lock (_gate)
        {
            _active = next;
        }
    }

    /// What shall happen to this command, if anything. Counts as one use of the fail point.
    public FailCommand? Next(string command, string? appName)
    {
        lock (_gate)
        {
            return _active is { } active && active.Concerns(command, appName) && active.Fires() ? active : null;
        }
    }
}
