using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Outbox.Kafka.Inbox.Watching;

/// <summary>Asks whether this user may read topics, and as a member of a group if there is one.</summary>
internal static class ReadRights
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>Whether a right is missing; <see langword="null"/> where the brokers do not say, as those before Kafka 2.3 and those of the embedded cluster.</returns>
    public static bool? AreMissing(IAdminClient admin, string? group, ICollection<string> topics)
    {
        bool?[] answers = [group is null ? false : IsGroupMissingAsync(admin, group).GetAwaiter().GetResult(), IsAnyTopicMissingAsync(admin, topics).GetAwaiter().GetResult()];
        return answers.Contains(true) ? true : answers.Contains(null) ? null : false;
    }

    private static Task<bool?> IsGroupMissingAsync(IAdminClient admin, string group) => AskAsync(async () =>
    {
        var found = await admin.DescribeConsumerGroupsAsync(
            [group], new DescribeConsumerGroupsOptions { IncludeAuthorizedOperations = true, RequestTimeout = Patience }).ConfigureAwait(false);
        return LacksRead(found.ConsumerGroupDescriptions[0].AuthorizedOperations);
    });

    private static Task<bool?> IsAnyTopicMissingAsync(IAdminClient admin, ICollection<string> topics) => topics.Count == 0 ? Task.FromResult<bool?>(false) : AskAsync(async () =>
    {
        var found = await admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { IncludeAuthorizedOperations = true, RequestTimeout = Patience }).ConfigureAwait(false);
        var lacking = found.TopicDescriptions.Select(topic => LacksRead(topic.AuthorizedOperations)).ToList();
        return lacking.Contains(true) ? true : lacking.Contains(null) ? null : false;
    });

    private static bool? LacksRead(List<AclOperation>? rights) => rights is not { Count: > 0 } ? null : !rights.Contains(AclOperation.Read) && !rights.Contains(AclOperation.All);

    private static async Task<bool?> AskAsync(Func<Task<bool?>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (KafkaException error)
        {
            var codes = error switch
            {
                DescribeConsumerGroupsException groups => groups.Results.ConsumerGroupDescriptions.Select(group => group.Error.Code),
                DescribeTopicsException topics => topics.Results.TopicDescriptions.Select(topic => topic.Error.Code),
                _ => [error.Error.Code],
            };
            return codes.Any(code => code is ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed) ? true : null;
        }
    }
}
