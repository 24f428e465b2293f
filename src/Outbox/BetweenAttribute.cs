using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Outbox;

/// <summary>The range of a setting. Its error names the setting as it stands in the configuration, what it is, and what it may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute : ValidationAttribute
{
    private readonly IComparable _least;
    private readonly IComparable _most;

    public BetweenAttribute(int least, int most) => (_least, _most) = (least, most);

    /// <summary>A range of times.</summary>
    public BetweenAttribute(string least, string most) =>
        (_least, _most) = (TimeSpan.Parse(least, CultureInfo.InvariantCulture), TimeSpan.Parse(most, CultureInfo.InvariantCulture));

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null || (_least.CompareTo(value) <= 0 && _most.CompareTo(value) >= 0))
        {
            return ValidationResult.Success;
        }

        var section = validationContext.ObjectType.GetField("Section")?.GetRawConstantValue() ?? validationContext.ObjectType.Name;
        return new ValidationResult(
            string.Create(CultureInfo.InvariantCulture, $"{section}:{validationContext.MemberName} is {value}; set it between {_least} and {_most}."),
            [validationContext.MemberName!]);
    }
}
