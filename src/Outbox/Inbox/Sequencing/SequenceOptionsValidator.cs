using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Outbox.Inbox.Sequencing;

/// <summary>Checks one topic's own options, and names the topic in the error.</summary>
internal sealed class SequenceOptionsValidator(string topic) : IValidateOptions<SequenceOptions>
{
    public string Topic => topic;

    public ValidateOptionsResult Validate(string? name, SequenceOptions options)
    {
        if (name != topic)
        {
            return ValidateOptionsResult.Skip;
        }

        var errors = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.ConvertAll(error => $"t.Sequence of topic '{topic}': {error.ErrorMessage}"));
    }
}
