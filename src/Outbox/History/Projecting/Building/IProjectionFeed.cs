namespace Outbox.History.Projecting.Building;

/// <summary>Where what is published after the history was read comes from.</summary>
public interface IProjectionFeed
{
    /// <summary>The topic as messages that come from it name it.</summary>
    string NameOf(string topic);

    /// <summary>Has a group that nobody is in yet begin at the topic's end: with what is published from now on.</summary>
    Task PinAsync(string group, string topic, CancellationToken cancellationToken);

    /// <summary>How far a group has come.</summary>
    Task<FeedPosition> PositionAsync(string group, string topic, CancellationToken cancellationToken);
}
