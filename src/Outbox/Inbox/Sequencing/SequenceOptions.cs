using System.ComponentModel.DataAnnotations;

namespace Outbox.Inbox.Sequencing;

/// <summary>How messages that came too early wait for their turn; configuration section <c>Outbox:Sequence</c>. A topic can have its own: <c>t.Sequence(…)</c>.</summary>
public sealed class SequenceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":Sequence";

    /// <summary>What happens when a message has waited for its predecessor until its deadline, or when a limit is reached.</summary>
    /// <value>The default value is <see cref="GapPolicy.Hold"/>.</value>
    [EnumDataType(typeof(GapPolicy))]
    public GapPolicy OnGap { get; set; } = GapPolicy.Hold;

    /// <summary>How long a message waits for its predecessor.</summary>
    /// <value>The default value is 5 minutes.</value>
    [Between("00:00:00.001", "365.00:00:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many messages of one entity may wait.</summary>
    /// <value>The default value is 1,000.</value>
    [Between(1, 1_000_000)]
    public int EntityLimit { get; set; } = 1_000;

    /// <summary>How many messages of one endpoint may wait.</summary>
    /// <value>The default value is 10,000.</value>
    [Between(1, 10_000_000)]
    public int TotalLimit { get; set; } = 10_000;

    /// <summary>
    /// After how long the owner of the topic is asked for the missing versions again; between asks for the same gap the time doubles. The owner must answer: <c>t.AnswerGaps()</c>.
    /// Shorter than <see cref="Deadline"/>, or <see cref="OnGap"/> decides first.
    /// </summary>
    /// <value>The default is never.</value>
    [Between("00:00:00.010", "365.00:00:00")]
    public TimeSpan? AskOwner { get; set; }

    /// <summary>How often the owner is asked for a gap of which nothing comes.</summary>
    /// <value>The default value is 3.</value>
    [Between(1, 1_000)]
    public int Asks { get; set; } = 3;
}
