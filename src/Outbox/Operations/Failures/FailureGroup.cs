using Outbox.Operations.Errors;

namespace Outbox.Operations.Failures;

/// <summary>Parked messages whose errors have one cause.</summary>
/// <param name="Group">Its name in filters: <see cref="ErrorSignature.Group"/>, or <see cref="Ungrouped"/>.</param>
/// <param name="Title">What a person calls it.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Oldest">When the one was parked that is parked for the longest time.</param>
/// <param name="Newest">When the last one was parked.</param>
/// <param name="ExampleId">One of them, to look at with <c>GetAsync</c>.</param>
public sealed record FailureGroup(string Group, string Title, long Count, DateTimeOffset Oldest, DateTimeOffset Newest, string ExampleId)
{
    /// <summary>The group of messages that were parked by a version that did not group them.</summary>
    public const string Ungrouped = "ungrouped";

    /// <summary>The topics that they are for, or came from.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>The endpoints that could not process them; none of messages that could not be published.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];
}
